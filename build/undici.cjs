// undici as the command has it: what src/http uses of it, by the files it lies in. Its own index loads mocks, caches and
// WebSockets as well, and takes three times as long.

// V8 begins to optimise the HTTP parser, one huge function of WebAssembly, after so many bytes executed. Up to Node 21 that
// is after the first answer, and the process cannot end before it is optimised, 0.2 s later. Node 22 and newer have this
// number by themselves.
if (Number.parseInt(process.versions.node, 10) < 22) require('node:v8').setFlagsFromString('--wasm-tiering-budget=13000000');

Object.assign(require('undici/lib/dispatcher/dispatcher.js').prototype, require('undici/lib/api'));
exports.Agent = require('undici/lib/dispatcher/agent.js');
exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent.js');
