"""The server that all clients talk to."""

import asyncio
import sys

from aiohttp import web


async def data(_: web.Request) -> web.Response:
    await asyncio.sleep(0.1)
    return web.json_response({"items": list(range(10))})


async def process(request: web.Request) -> web.Response:
    processing_time = float((await request.json()).get("processing_time", 0.1))
    if not 0 <= processing_time <= 10:
        raise web.HTTPBadRequest(text="processing_time has to be between 0 and 10 seconds")
    await asyncio.sleep(processing_time)
    return web.json_response({"processed": True, "processing_time": processing_time})


async def health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


app = web.Application()
app.add_routes([web.get("/api/data", data), web.post("/api/process", process), web.get("/health", health)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None)
