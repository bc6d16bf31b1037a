package io.guardian.agent.workload.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.agent.workload.ContainerRuntime;
import io.guardian.agent.workload.Known;
import io.guardian.agent.workload.runtime.ContainerSource;
import io.guardian.agent.workload.runtime.CriSource;
import io.guardian.agent.workload.runtime.RuntimeContainer;
import io.guardian.core.id.ContainerId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runtimes that speak an older interface, or only a part of it. */
@Timeout(60)
final class OlderRuntimeTest {

    private static final ContainerId ID = new ContainerId("ab".repeat(32));

    @TempDir
    private Path folder;

    @Test
    void a_runtime_without_the_current_interface_is_asked_by_the_one_before() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer(folder.resolve("s"));
                GrpcClient client = new GrpcClient(peer.socket(), Duration.ofSeconds(20))) {
            peer.on((connection, stream) -> {
                connection.headers(
                        stream,
                        Frame.END_STREAM,
                        new Header(":status", "200"),
                        new Header("grpc-status", "12"),
                        new Header("grpc-message", "unknown service runtime.v1.RuntimeService"));
                return true;
            });
            ProtoWriter listed = new ProtoWriter()
                    .text(1, ID.text())
                    .text(2, "sandbox")
                    .message(3, new ProtoWriter().text(1, "cart").number(2, 4))
                    .message(4, new ProtoWriter().text(1, "shop:1"))
                    .number(6, 1)
                    .number(7, 1_795_296_094_000_000_123L);
            peer.on((connection, stream) -> {
                connection.good(stream, new ProtoWriter().message(1, listed).toBytes());
                return true;
            });
            // Neither the container's status nor its sandbox can be had: what the list says still counts.
            for (int i = 0; i < 2; i++) {
                peer.on((connection, stream) -> {
                    connection.headers(
                            stream, Frame.END_STREAM, new Header(":status", "200"), new Header("grpc-status", "13"));
                    return true;
                });
            }
            ContainerSource source = new CriSource(client, ContainerRuntime.CRI_O);
            assertThat(source.ask(ID)).isInstanceOfSatisfying(ContainerSource.Answer.Found.class, found -> {
                RuntimeContainer container = found.container();
                assertThat(container.facts().name()).isEqualTo(Known.of("cart"));
                assertThat(container.facts().createdAt())
                        .isEqualTo(Known.of(Instant.ofEpochSecond(1_795_296_094L, 123)));
                assertThat(container.facts().details().restartCount()).isEqualTo(4);
                assertThat(container.facts().pod()).isEqualTo(Known.unknown());
                assertThat(container.facts().imageId()).isEqualTo(Known.unknown());
                assertThat(container.facts().isPending()).isTrue();
            });
            assertThat(path(peer)).isEqualTo("/runtime.v1.RuntimeService/ListContainers");
            assertThat(path(peer)).isEqualTo("/runtime.v1alpha2.RuntimeService/ListContainers");
        }
    }

    @Test
    void a_runtime_that_is_not_there_is_unreachable_by_name() {
        Path socket = folder.resolve("none");
        try (GrpcClient client = new GrpcClient(socket, Duration.ofSeconds(20))) {
            ContainerSource source = new CriSource(client, ContainerRuntime.CRI_O);
            assertThat(source.ask(ID))
                    .isInstanceOfSatisfying(
                            ContainerSource.Answer.Unreachable.class,
                            unreachable -> assertThat(unreachable.reason()).startsWith("cri:" + socket + ": "));
        }
    }

    private static String path(ScriptedPeer peer) throws Exception {
        return new HpackDecoder()
                .decode(peer.next(Frame.HEADERS).payload()).stream()
                        .filter(header -> header.name().equals(":path"))
                        .findFirst()
                        .orElseThrow()
                        .value();
    }
}
