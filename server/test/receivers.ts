// A mail server and a web server of their own process: each thing they receive is a line of JSON on stdout.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

const say = (told: object) => process.stdout.write(`${JSON.stringify(told)}\n`);

const web = createServer((request, response) => {
  void (async () => {
    const body = await text(request);
    // What is asked to fail fails, as an overloaded gateway would.
    const fails = request.url?.startsWith('/fails') === true;
    say({ got: 'http', method: request.method, url: request.url, body });
    response.writeHead(fails ? 503 : 202).end(fails ? 'busy' : '0: Accepted for delivery');
  })();
});
const mail = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, session, done) {
    void text(stream).then((body) => {
      say({ got: 'mail', to: session.envelope.rcptTo.map(({ address }) => address), body });
      done();
    });
  },
});
web.listen(0, '127.0.0.1', () => {
  mail.listen(0, '127.0.0.1', () => {
    say({ ready: { web: (web.address() as AddressInfo).port, mail: (mail.server.address() as AddressInfo).port } });
  });
});
// The one who started us is gone.
process.stdin.resume().on('end', () => process.exit(0));
