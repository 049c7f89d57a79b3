// Amounts in words, for messages. Pure.

/** `500ms`, `2s`, `1.5s`, `2m`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${round(ms)}ms`;
  if (ms < 60_000 || ms % 60_000 !== 0) return `${round(ms / 1000)}s`;
  return `${ms / 60_000}m`;
}

/** `800 bytes`, `64 KiB`, `10 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 1024 ** 2) return `${round(bytes / 1024)} KiB`;
  return `${round(bytes / 1024 ** 2)} MiB`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
