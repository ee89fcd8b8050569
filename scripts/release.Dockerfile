# Builds the release archive on an old glibc, so that the binary runs on machines that are a few years old.
#
# docker build --file scripts/release.Dockerfile --output type=local,dest=archives .
#
# It runs scripts/release and nothing else. Of the build, only the archive and its checksum leave it.
FROM rust:1.95.0-bookworm AS build
WORKDIR /torque
COPY . .
# The checkout belongs to the user who has called Docker.
RUN git config --global --add safe.directory /torque \
  && scripts/release /archives

FROM scratch
COPY --from=build /archives /
