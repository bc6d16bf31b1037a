# The server. Build from the checkout's root after ./guardian build, or let scripts/container-images.sh do both:
#   docker build -f deploy/images/server.Dockerfile -t guardian-server:0.1.0 .
#
# JDK_IMAGE must hold a JDK 25 at $JAVA_HOME, BASE_IMAGE be Debian or a descendant with glibc.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${JDK_IMAGE} AS runtime
# keytool makes the server's own certificate when none is given; it is part of java.base.
RUN "$JAVA_HOME/bin/jlink" \
      --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.jfr,jdk.unsupported,jdk.zipfs \
      --no-header-files --no-man-pages --compress zip-6 --output /runtime && \
    /runtime/bin/java -Xshare:dump -XX:+UseSerialGC -XX:+UseCompactObjectHeaders >/dev/null

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Guardian server" \
      org.opencontainers.image.description="Keeps what the agents see, judges it, and answers the API" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
COPY --from=runtime /runtime /opt/guardian/runtime
COPY LICENSE /opt/guardian/LICENSE
COPY backend/target/lib /opt/guardian/lib
COPY backend/target/guardian-backend-${VERSION}.jar /opt/guardian/lib/
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/guardian /var/lib/guardian/server
USER 10001:10001
VOLUME /var/lib/guardian
EXPOSE 8480
# The heap; anything that is set here can be set anew by the environment. /tmp must be writable and allow execution:
# the native libraries of the stores are unpacked there.
ENV JDK_JAVA_OPTIONS="-Xmx512m"
ENTRYPOINT ["/opt/guardian/runtime/bin/java", \
            "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", \
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
            "-cp", "/opt/guardian/lib/*", "io.guardian.backend.Main"]
CMD ["--data", "/var/lib/guardian/server", "--listen", "0.0.0.0", "--port", "8480"]
