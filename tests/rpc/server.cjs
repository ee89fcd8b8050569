// Serves a Solana cluster over JSON-RPC until it is killed, and prints its URL.
// When: scripts/test-rpc starts it. Example: node tests/rpc/server.cjs 40
const { Surfnet } = require('@solana/surfpool-linux-x64-gnu');

const slotTimeMs = Number(process.argv[2] ?? '40');
const net = Surfnet.startWithConfig({ offline: true, slotTimeMs, blockProductionMode: 'clock' });
process.stdout.write(`${net.rpcUrl}\n`);
// Nobody reads its events, and the channel is bounded.
setInterval(() => net.drainEvents(), 1000);
process.on('SIGTERM', () => {
  net.stop();
  process.exit(0);
});
