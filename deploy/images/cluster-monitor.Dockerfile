# The cluster monitor. Build from the checkout's root after ./guardian build, or let scripts/container-images.sh do both:
#   docker build -f deploy/images/cluster-monitor.Dockerfile -t guardian-cluster-monitor:0.1.0 .
#
# JDK_IMAGE must hold a JDK 25 at $JAVA_HOME, BASE_IMAGE be Debian or a descendant with glibc.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${JDK_IMAGE} AS runtime
RUN "$JAVA_HOME/bin/jlink" \
      --add-modules java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.httpserver,jdk.unsupported \
      --no-header-files --no-man-pages --compress zip-6 --output /runtime && \
    /runtime/bin/java -Xshare:dump -XX:+UseSerialGC -XX:+UseCompactObjectHeaders >/dev/null

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Guardian cluster monitor" \
      org.opencontainers.image.description="Tells the server what a Kubernetes cluster holds, and deletes pods when asked" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
COPY --from=runtime /runtime /opt/guardian/runtime
COPY LICENSE /opt/guardian/LICENSE
COPY cluster/target/lib /opt/guardian/lib
COPY cluster/target/guardian-cluster-${VERSION}.jar /opt/guardian/lib/
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/guardian /var/lib/guardian/cluster
USER 10001:10001
# Its objects are pruned and its lists are paged: 320 MiB of heap are enough for 75,000 pods within 512 MiB in all.
ENTRYPOINT ["/opt/guardian/runtime/bin/java", \
            "-Xmx320m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError", \
            "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
            "-cp", "/opt/guardian/lib/*", "io.guardian.cluster.Main"]
CMD ["--help"]
