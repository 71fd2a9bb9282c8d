# One image for every program of the bookstore: docker build -t bookstore .
# Start one by its path: docker run --rm -p 14001:14001 bookstore /bookstore --port 14001
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot

# package.json files only, so that a change in a source does not install the dependencies again
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS manifests
WORKDIR /src
COPY . .
RUN mkdir /manifests && cp --parents package.json package-lock.json .npmrc apps/*/package.json packages/*/package.json /manifests

# the bundles are plain JavaScript, so they are made once, on the builder's own platform, for every platform
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/bundle.mjs --outdir /image/app bookbuyer bookstore bookthief bookwarehouse cli \
 && for program in bookbuyer bookstore bookthief bookwarehouse bookstore-cli; do \
      cp deploy/image/launch.cjs "/image/$program"; \
    done \
 && cp package.json /image/app/ \
 && mkdir /compiled && cp deploy/image/warm-up.mjs deploy/image/save-compiled.cjs / \
 && chmod -R u=rwX,go=rX /image && chmod 0755 /image/book*

# what the runtime's own Node makes of the bundles, made once as well: it saves a third of a start's processor time
FROM --platform=$BUILDPLATFORM ${RUNTIME_IMAGE} AS compiled
COPY --from=build /image /warm-up.mjs /save-compiled.cjs /
COPY --from=build --chown=65532:65532 /compiled /app/compiled
USER 65532:65532
ENV NODE_ENV=production
RUN ["/nodejs/bin/node", "/warm-up.mjs", "/"]

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="bookstore" \
      org.opencontainers.image.description="The bookstore demo, rewritten: proves that a service mesh does what was declared" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image /
COPY --from=compiled --chown=0:0 --chmod=0755 /app/compiled /app/compiled
ENV NODE_ENV=production
USER 65532:65532
# what is said to be in the working folder, such as a warehouse's database without DATABASE_URL, must be writable there
WORKDIR /tmp
EXPOSE 14001 9464
STOPSIGNAL SIGTERM
# the base image's entry point is node itself; ours are programs with a path
ENTRYPOINT []
CMD ["/bookstore-cli", "--help"]
