"""A token webhook for tests: token_review.py CERTIFICATE KEY PORT_FILE USER:TOKEN...

Answers TokenReview requests over TLS on a free port of 127.0.0.1, which it writes to PORT_FILE; says on
standard output for whom it was asked."""
import http.server
import json
import os
import ssl
import sys

certificate, key, port_file, *pairs = sys.argv[1:]
users = {token: user for user, token in (pair.split(":", 1) for pair in pairs)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        user = users.get(review["spec"]["token"])
        review["status"] = {"authenticated": user is not None}
        if user:
            review["status"]["user"] = {"username": user, "groups": ["system:masters"]}
        else:
            review["status"]["error"] = "the token is not known"
        print(user, flush=True)
        body = json.dumps(review).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
