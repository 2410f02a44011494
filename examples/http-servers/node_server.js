// node:http, one process.
const http = require("node:http");

const server = http.createServer((request, response) => {
  if (request.url !== "/api/data") {
    response.writeHead(404).end();
    return;
  }
  const body = JSON.stringify({ items: [...Array(10).keys()] });
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }).end(body);
});
server.listen(Number(process.argv[2]), "127.0.0.1");
