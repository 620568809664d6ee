"""Run the chapters on WebAssembly, as a browser does, in a Node that needs no browser."""
