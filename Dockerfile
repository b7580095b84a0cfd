# The program by itself, linked statically, with the certificates that --verify needs, and no root.
#
#   docker build -t unspill .
#   docker run --rm -v "$PWD:/repo:ro" unspill git
#
# There is no git in it: `unspill ci` and `unspill install` need one, everything else reads repositories by itself.
# A repository that others may not read is scanned as its owner: --user "$(id -u):$(id -g)".
#
# Releases take the programs that have been built for them: --build-arg PROGRAM=given, dist/amd64/unspill, dist/arm64/unspill.
ARG PROGRAM=built

# Rust on Alpine links with musl, statically.
FROM rust:1.95.0-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS built
WORKDIR /src
COPY . .
# Told, since there is no git in here.
ARG UNSPILL_COMMIT=
RUN cargo build --release --locked --bin unspill && mv target/release/unspill /unspill

FROM scratch AS given
ARG TARGETARCH
COPY --chmod=755 dist/${TARGETARCH}/unspill /unspill

FROM ${PROGRAM} AS program

# Of the same image as above; nothing of it runs, so that of the machine that builds will do for all.
FROM --platform=$BUILDPLATFORM rust:1.95.0-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS certificates

FROM scratch
LABEL org.opencontainers.image.title="unspill" \
      org.opencontainers.image.description="Finds credentials spilled into files, git history and streams" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.source="https://github.com/OWNER/unspill"
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE-APACHE LICENSE-MIT /
COPY --from=program /unspill /unspill
USER 65532:65532
WORKDIR /repo
ENTRYPOINT ["/unspill"]
