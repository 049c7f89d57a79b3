// Stands for node:http2, which takes some 5 ms to load and which nobody uses: undici speaks HTTP/1.1 unless it is told
// otherwise. It is prepared for a Node built without.
throw new Error('the command line does not speak HTTP/2: see build/no-http2.cjs');
