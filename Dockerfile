# The retraining job, and the MLflow server it reports to. The checkout is mounted at /weldspot: DVC needs its .git, and
# what the job changes there (data.dvc, dvc.lock, reports) is what you commit.
FROM python:3.11-slim-bookworm AS base

# git for DVC and lineage, make for the targets; the base image is updated as a whole, so versions are not pinned here
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /weldspot

# owned by root: what runs here can't change what it runs. Before UID and the code, so that this layer is made once
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock \
    && pip install --no-cache-dir --disable-pip-version-check psycopg2-binary==2.9.13

# the owner of the checkout on the host, so that files made here are theirs: --build-arg UID="$(id -u)"
ARG UID=1000
RUN useradd --uid "$UID" --non-unique --user-group --create-home weldspot \
    && install -d -o weldspot -g weldspot /weldspot /mlflow

FROM base AS mlflow
USER weldspot
WORKDIR /mlflow
EXPOSE 5000
CMD ["mlflow", "server", "--host", "0.0.0.0", "--port", "5000"]

FROM base AS retrain
WORKDIR /weldspot
# installed in place: the mounted checkout's own code is what runs
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --editable .
USER weldspot
ENTRYPOINT ["weldspot"]
CMD ["retrain"]
