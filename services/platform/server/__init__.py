"""The front door: uvicorn, with every connection, body and answer bounded and observed."""
