package io.guardian.checks.identity;

import io.guardian.checks.fixture.CriPods;
import io.guardian.checks.fixture.Eventually;
import io.guardian.checks.fixture.NativeProgram;
import io.guardian.checks.fixture.PodmanContainers;
import io.guardian.checks.fixture.Shell;
import io.guardian.checks.fixture.TestCgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A workload that runs programs in the ways of {@code forger.c}, as it is told. */
public final class Forger {
    public static final String IMAGE = "docker.io/guardian/forger:1";

    private final Path orders;
    private final Path said;
    private final String containerId;
    private long answers;

    private Forger(Path orders, String containerId) {
        this.containerId = containerId;
        this.orders = orders;
        this.said = orders.resolveSibling("orders.said");
    }

    /**
     * Makes the image that {@link #inContainer} runs: {@code /usr/sbin/nginx}, the same file as {@code /opt/link/nginx}
     * and below {@code /jail}, a symbolic link, a script, and other programs beside them: {@code /usr/bin/dynamic} with
     * its loader and library, and copies of the forger, which take its orders as arguments behind a {@code -}.
     */
    public static void makeImage(PodmanContainers podman, Path folder) {
        podman.podman(
                        "import",
                        "--change=ENTRYPOINT [\"/usr/bin/forger\"]",
                        makeRoot(folder).toString(),
                        IMAGE)
                .ok();
    }

    /** The same image as an archive that containerd imports. */
    static Path makeArchive(Path folder) {
        makeRoot(folder);
        Shell.run("/bin/sh", "-ec", """
                        cd "$1" && mkdir archive && cp root.tar archive/layer.tar && cd archive
                        sum=$(sha256sum layer.tar | cut -d' ' -f1)
                        arch=$(uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/')
                        printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":["/usr/bin/forger"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \\
                          "$arch" "$sum" > config.json
                        printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$2" > manifest.json
                        tar -cf ../image.tar manifest.json config.json layer.tar
                        """, "sh", folder.toString(), IMAGE).ok();
        return folder.resolve("image.tar");
    }

    private static Path makeRoot(Path folder) {
        Path root = folder.resolve("root");
        NativeProgram.compile("forger", folder);
        NativeProgram.compile("nothing", folder);
        Shell.run(
                        "/bin/sh",
                        "-ec",
                        """
                        mkdir -p "$1" && cd "$1"
                        mkdir -p usr/sbin usr/bin opt/link opt/alias opt/script jail/usr/sbin etc tmp work proc sys dev
                        for each in forger masked victim tracer; do cp ../forger usr/bin/$each; done
                        cc -O2 -o usr/bin/dynamic "$2/nothing.c"
                        ldd usr/bin/dynamic | grep -o '/[^ ]*' | xargs cp -L --parents -t .
                        for each in usr/sbin/nginx usr/bin/other usr/bin/raised usr/bin/grown jail/usr/sbin/nginx; do cp ../nothing $each; done
                        chmod 4755 usr/bin/raised
                        chmod 1777 tmp
                        ln usr/sbin/nginx opt/link/nginx
                        ln -s /usr/sbin/nginx opt/alias/nginx
                        printf '#!/usr/bin/other\\n' > opt/script/nginx
                        chmod 755 opt/script/nginx
                        printf 'root:x:0:0::/:/bin/sh\\nshop:x:1000:1000::/:/bin/sh\\n' > etc/passwd
                        tar --numeric-owner --owner=0 --group=0 -cf ../root.tar .
                        """,
                        "sh",
                        root.toString(),
                        NativeProgram.sources().toString())
                .ok();
        return folder.resolve("root.tar");
    }

    /** @param folder an empty folder, mounted as {@code /work} */
    public static Forger inContainer(PodmanContainers podman, String name, Path folder, List<String> options) {
        Path orders = fifo(folder);
        var all = new ArrayList<>(List.of("--volume=" + folder + ":/work", "--security-opt=seccomp=unconfined"));
        all.addAll(options);
        podman.runWith(all, name, IMAGE, "none", "/work/orders");
        var forger = new Forger(orders, "");
        forger.awaitAnswer();
        return forger;
    }

    /**
     * @param folder an empty folder, mounted as {@code /work}
     * @param target as in {@link CriPods.ContainerSpec}
     */
    static Forger inPod(CriPods pods, CriPods.Pod pod, String name, Path folder, String target) {
        Path orders = fifo(folder);
        String id = pods.create(
                pod,
                new CriPods.ContainerSpec(
                        name,
                        0,
                        IMAGE,
                        List.of("/usr/bin/forger", "/work/orders"),
                        Map.of("/work", folder.toString()),
                        target));
        pods.startCreated(id);
        var forger = new Forger(orders, id);
        forger.awaitAnswer();
        return forger;
    }

    /** Of the container that it is in; empty in a service. */
    String containerId() {
        return containerId;
    }

    /** @param folder holds {@code bin/forger} */
    static Forger inService(Path cgroup, Path folder) {
        Path orders = fifo(folder);
        try {
            // It ends with the test's cgroup.
            new ProcessBuilder(
                            TestCgroup.inside(cgroup, "exec '" + folder.resolve("bin/forger") + "' '" + orders + "'"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var forger = new Forger(orders, "");
            forger.awaitAnswer();
            return forger;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path fifo(Path folder) {
        Path orders = folder.resolve("orders");
        Shell.run(
                        "/bin/sh",
                        "-ec",
                        "mkdir -p \"$1\" && cd \"$1\" && mkfifo -m 666 orders && touch orders.said && chmod 666 orders.said",
                        "sh",
                        folder.toString())
                .ok();
        return orders;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notYet) {
            return "";
        }
    }

    /** Gives an order and waits until it is carried out. */
    public void order(String line) {
        try {
            Files.writeString(orders, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.WRITE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        String answer = awaitAnswer();
        if (!answer.equals("done")) {
            throw new AssertionError("`" + line + "`: " + answer);
        }
    }

    private String awaitAnswer() {
        long wanted = ++answers;
        return Eventually.get(
                        "answer " + wanted + " of the forger",
                        () -> text(said),
                        text -> text.lines().count() >= wanted)
                .lines()
                .skip(wanted - 1)
                .findFirst()
                .orElseThrow();
    }
}
