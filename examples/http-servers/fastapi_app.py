"""FastAPI, on uvicorn with one process."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/api/data")
async def data() -> dict[str, list[int]]:
    return {"items": list(range(10))}
