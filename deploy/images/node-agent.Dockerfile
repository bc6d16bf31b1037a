# The node agent. Build from the checkout's root after ./guardian build, or let scripts/container-images.sh do both:
#   docker build -f deploy/images/node-agent.Dockerfile -t guardian-node-agent:0.1.0 .
#
# JDK_IMAGE must hold a JDK 25 at $JAVA_HOME, BASE_IMAGE be Debian or a descendant with glibc.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${JDK_IMAGE} AS runtime
RUN "$JAVA_HOME/bin/jlink" --add-modules java.base --no-header-files --no-man-pages \
      --compress zip-6 --output /runtime && \
    /runtime/bin/java -Xshare:dump -XX:+UseSerialGC -XX:+UseCompactObjectHeaders >/dev/null

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Guardian node agent" \
      org.opencontainers.image.description="Watches the processes and connections of one node" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
# libbpf loads the sensor into the kernel.
RUN dpkg -s libbpf1 >/dev/null 2>&1 || \
    { apt-get update && apt-get install -y --no-install-recommends libbpf1 && rm -rf /var/lib/apt/lists/*; }
COPY --from=runtime /runtime /opt/guardian/runtime
COPY LICENSE /opt/guardian/LICENSE
COPY agent/target/lib /opt/guardian/lib
COPY agent/target/guardian-agent-${VERSION}.jar /opt/guardian/lib/
# Root, because the files of other containers' processes belong to root; what it may do beside that is decided by the
# capabilities it is given, and the root file system may be read-only.
USER 0:0
# These, as the flags below, are those of scripts/run.sh.
ENV MALLOC_ARENA_MAX=1
ENTRYPOINT ["/opt/guardian/runtime/bin/java", \
            "-Xms16m", "-Xmn8m", "-XX:SurvivorRatio=2", "-XX:TargetSurvivorRatio=90", "-Xmx58m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+UseCompactObjectHeaders", \
            "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=30", "-XX:-ShrinkHeapInSteps", \
            "-XX:TrimNativeHeapInterval=2000", "-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0", \
            "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", \
            "--enable-native-access=ALL-UNNAMED", \
            "-cp", "/opt/guardian/lib/*", "io.guardian.agent.Main"]
CMD ["--help"]
