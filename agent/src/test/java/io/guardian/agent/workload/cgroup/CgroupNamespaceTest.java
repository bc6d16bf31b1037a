package io.guardian.agent.workload.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class CgroupNamespaceTest {
    private static final CgroupNamespace POD = new CgroupNamespace(new CgroupPath("/kubepods/pod1/agent"));

    @ParameterizedTest
    @CsvSource({
        "/, /kubepods/pod1/agent",
        "/below, /kubepods/pod1/agent/below",
        "/.., /kubepods/pod1",
        "/../other, /kubepods/pod1/other",
        "/../../pod2/shop, /kubepods/pod2/shop",
        "/../../.., /",
        "/../../../, /",
        "/../../../init.scope, /init.scope",
        "/../../../system.slice/..data, /system.slice/..data",
    })
    void a_path_shown_in_a_container_is_told_from_the_root(String shown, String absolute) {
        assertThat(POD.absolute(shown)).contains(new CgroupPath(absolute));
    }

    @ParameterizedTest
    @CsvSource({"/../../../..", "/../../../../x", "relative", "''", "/../x/../y", "/..//x"})
    void what_leads_above_the_root_or_is_no_path_is_none(String shown) {
        assertThat(POD.absolute(shown)).isEmpty();
    }

    @Test
    void on_the_host_paths_are_taken_as_shown() {
        assertThat(CgroupNamespace.HOST.absolute("/system.slice/nginx.service"))
                .contains(new CgroupPath("/system.slice/nginx.service"));
        assertThat(CgroupNamespace.HOST.absolute("/../x")).isEmpty();
    }

    /** As cgroup_path_ns() of the kernel does it: up to the last folder that both share, then down. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whatever_the_kernel_shows_leads_back_to_the_path(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var own = path(random);
            var path = path(random);
            var namespace = new CgroupNamespace(own);
            assertThat(namespace.absolute(shown(own, path)))
                    .as("own %s, path %s", own, path)
                    .contains(path);
            assertThat(namespace.v2("3:pids:/x\n0::" + shown(own, path) + "\n")).contains(path);
        }
    }

    static Stream<Long> seeds() {
        return Optional.ofNullable(Long.getLong("seed"))
                .map(Stream::of)
                .orElseGet(() -> IntStream.range(0, 20).mapToObj(Long::valueOf));
    }

    private static CgroupPath path(Random random) {
        var parts = IntStream.range(0, random.nextInt(5))
                .mapToObj(_ -> List.of("a", "b", "kubepods").get(random.nextInt(3)))
                .toList();
        return parts.isEmpty() ? CgroupPath.ROOT : new CgroupPath("/" + String.join("/", parts));
    }

    private static String shown(CgroupPath own, CgroupPath path) {
        int shared = 0;
        while (shared < Math.min(own.parts().size(), path.parts().size())
                && own.parts().get(shared).equals(path.parts().get(shared))) {
            shared++;
        }
        List<String> steps = new ArrayList<>();
        IntStream.range(shared, own.parts().size()).forEach(_ -> steps.add(".."));
        steps.addAll(path.parts().subList(shared, path.parts().size()));
        return "/" + String.join("/", steps);
    }

    @Test
    void the_namespace_follows_from_where_a_process_is_and_is_shown() {
        var actual = new CgroupPath("/kubepods/pod1/agent");
        assertThat(CgroupNamespace.ofProcess(actual, "/")).contains(POD);
        assertThat(CgroupNamespace.ofProcess(actual, "/agent"))
                .contains(new CgroupNamespace(new CgroupPath("/kubepods/pod1")));
        assertThat(CgroupNamespace.ofProcess(actual, "/kubepods/pod1/agent")).contains(CgroupNamespace.HOST);
        assertThat(CgroupNamespace.ofProcess(actual, "/elsewhere")).isEmpty();
    }

    @Test
    void the_own_cgroup_is_the_one_that_lists_the_process(@TempDir Path folder) throws IOException {
        long pid = ProcessHandle.current().pid();
        Path host = folder.resolve("host");
        Files.createDirectories(host.resolve("a"));
        Files.writeString(host.resolve("a/cgroup.procs"), "1" + pid + "\n");
        assertThat(CgroupNamespace.find(new CgroupTree(host), pid)).isEmpty();

        // Where the process lives is whatever runs the tests; shown and actual are the same path on the host.
        var actual = CgroupNamespace.HOST.v2(Files.readString(Path.of("/proc/self/cgroup")));
        assumeThat(actual).as("the tests' own v2 cgroup").isPresent();
        Path own = new CgroupTree(host).folder(actual.get());
        Files.createDirectories(own);
        Files.writeString(own.resolve("cgroup.procs"), "1\n" + pid + "\n");
        assertThat(CgroupNamespace.find(new CgroupTree(host), pid)).contains(CgroupNamespace.HOST);
    }
}
