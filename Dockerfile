# One image for the bot and the trainer: `docker build .`, or with `--build-arg TENSORFLOW_GPU=1`
# for a trainer that uses an NVIDIA GPU (about 3 GB more).
FROM python:3.11.13-slim-bookworm AS shopclerk

ARG TENSORFLOW_GPU=0

RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY requirements.lock ./
RUN uv pip sync --system --no-cache --require-hashes requirements.lock \
    && if [ "$TENSORFLOW_GPU" = 1 ]; then \
        uv pip uninstall --system tensorflow-cpu \
        && uv pip install --system --no-cache "tensorflow[and-cuda]==2.21.0"; \
    fi

COPY bot ./bot
COPY feedback ./feedback
COPY serving ./serving
COPY shopclerk ./shopclerk
COPY training ./training

RUN useradd --system --uid 10001 --home-dir /data shopclerk \
    && mkdir -p /data /models /backups && chown shopclerk /data /models /backups
USER shopclerk
# Relative to it are the folder `data`, where made-up secrets go, and a store in SQLite.
WORKDIR /
ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 SHOPCLERK_MODELS_DIR=/models
VOLUME ["/data", "/models", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "shopclerk"]
CMD ["bot", "--host", "0.0.0.0"]
