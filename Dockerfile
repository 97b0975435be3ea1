# The retraining job, and the MLflow server it reports to. The checkout is mounted at /weldspot: DVC needs its .git, and
# what the job changes there (data.dvc, dvc.lock, reports) is what you commit.
FROM python:3.11-slim-bookworm AS base

# git for DVC and lineage, make for the targets; the base image is updated as a whole, so versions are not pinned here
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /weldspot

# owned by root: what runs here can't change what it runs. Before UID and the code, so that this layer is made once.
# TensorFlow's C++ headers (430 MB) are for those who compile against it; PostgreSQL's driver has a hash for x86-64 and arm64
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && pip install --require-hashes -r /tmp/requirements.lock \
    && echo "psycopg2-binary==2.9.13" \
        --hash=sha256:930e7e58b33a4f9c39e7532d7a40147925cf3372baed4229cbebe0cf3ba9ce6b \
        --hash=sha256:3aea95340825f5ff236e7b40f0b5602c2c77a1e95943f71fae34909834043d29 > /tmp/postgres.lock \
    && pip install --require-hashes -r /tmp/postgres.lock \
    && rm -r /opt/venv/lib/python3.*/site-packages/tensorflow/include

# the owner of the checkout on the host, so that files made here are theirs: --build-arg UID="$(id -u)"
ARG UID=1000
RUN useradd --uid "$UID" --non-unique --user-group --create-home weldspot \
    && install -d -o weldspot -g weldspot /weldspot /mlflow

FROM base AS mlflow
ARG UID=1000
USER $UID
WORKDIR /mlflow
EXPOSE 5000
CMD ["mlflow", "server", "--host", "0.0.0.0", "--port", "5000"]

FROM base AS retrain
WORKDIR /weldspot
# installed in place: the mounted checkout's own code is what runs
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install --no-deps --editable .
ARG UID=1000
USER $UID
ENTRYPOINT ["weldspot"]
CMD ["retrain"]

# CUDA on top: on the host it takes NVIDIA's driver and container toolkit alone. It lies above the code, since a layer below
# would be one that the others carry along; `utility` is nvidia-smi, for what MLflow records of the cards.
FROM retrain AS gpu
USER 0
COPY requirements-gpu.lock /tmp/requirements-gpu.lock
RUN pip install --require-hashes -r /tmp/requirements-gpu.lock
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
ARG UID=1000
USER $UID

# what `docker build` makes without --target: for any machine
FROM retrain
