"""aiohttp, one process."""

import sys

from aiohttp import web


async def data(_: web.Request) -> web.Response:
    return web.json_response({"items": list(range(10))})


app = web.Application()
app.add_routes([web.get("/api/data", data)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
