package io.guardian.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.guardian.ebpf.KernelFixture.Ran;
import io.guardian.ebpf.KernelRecord.Exec;
import io.guardian.ebpf.KernelRecord.Exit;
import io.guardian.ebpf.KernelRecord.Fork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the kernel says of processes, each act by a program that does just that. */
@Tag("kernel")
class ProcessRecordsTest {
    private KernelFixture kernel;

    @BeforeEach
    void open() {
        kernel = KernelFixture.open();
    }

    @AfterEach
    void close() {
        kernel.close();
    }

    private Exec lastExec(int pid) {
        return kernel.recordsUntilExit(pid).stream()
                .filter(record ->
                        record instanceof Exec && record.header().process().tgid() == pid)
                .map(Exec.class::cast)
                .toList()
                .getLast();
    }

    private Exit exit(int pid) {
        return kernel.recordsUntilExit(pid).stream()
                .filter(record ->
                        record instanceof Exit && record.header().process().tgid() == pid)
                .map(Exit.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void exec_tells_program_arguments_users_and_surroundings() throws IOException {
        Ran ran = kernel.run(KernelFixture.workload(), "exit", "3");
        Exec exec = lastExec(ran.pid());
        ProcessImage image = exec.image();
        assertThat(image.args()).containsExactly(KernelFixture.workload(), "exit", "3");
        assertThat(image.argsCut()).isFalse();
        assertThat(image.comm()).isEqualTo("workload");
        assertThat(image.exe().path()).isEqualTo(KernelFixture.workload());
        assertThat(image.exe().origin()).isIn(Origin.IMAGE, Origin.OTHER_MOUNT);
        assertThat(image.exe().inode()).isEqualTo(Files.getAttribute(Path.of(KernelFixture.workload()), "unix:ino"));
        assertThat(image.parent().tgid())
                .isEqualTo((int) ProcessHandle.current().pid());
        // The JDK's spawn helper and the shell that entered the cgroup were programs of this process before.
        assertThat(image.ordinal()).isEqualTo(3);
        assertThat(image.cgroupId()).isEqualTo(kernel.cgroupId());
        assertThat(image.credentials().uid()).isZero();
        assertThat(image.credentials().euid()).isZero();
        assertThat(image.credentials().euidInNamespace()).isZero();
        assertThat(image.namespaces().mount()).isEqualTo(namespace("mnt"));
        assertThat(image.namespaces().pid()).isEqualTo(namespace("pid"));
        assertThat(image.namespaces().net()).isEqualTo(namespace("net"));
        assertThat(image.namespaces().user()).isEqualTo(namespace("user"));
        assertThat(image.namespacePid()).isEqualTo(ran.pid());
        assertThat(exec.filename()).isEqualTo(KernelFixture.workload());
        assertThat(exec.script()).isFalse();
        assertThat(exec.header().epoch()).isEqualTo(kernel.sensor().epoch());
        assertThat(exec.header().bootNanos()).isGreaterThan(image.key().startBootNanos());
    }

    private static long namespace(String type) throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc/self/ns/" + type)).toString();
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    }

    @Test
    void start_time_is_the_one_of_proc() throws IOException {
        Process process = kernel.start(KernelFixture.workload(), "become-quietly", "0");
        assertThat(process.getInputStream().read()).isPositive();
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        long ticks = Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
        Ran ran = KernelFixture.finish(process);
        assertThat(lastExec(ran.pid()).image().key().startTicks()).isEqualTo(ticks);
    }

    @Test
    void exit_tells_code_or_signal() {
        assertThat(exit(kernel.run(KernelFixture.workload(), "exit", "3").pid()).code())
                .isEqualTo(3);
        Exit killed = exit(kernel.run(KernelFixture.workload(), "signal", "15").pid());
        assertThat(killed.signal()).isEqualTo(15);
        assertThat(killed.code()).isZero();
    }

    @Test
    void script_shows_itself_and_its_interpreter() throws IOException {
        Path script = executable("script.sh", "#!/bin/sh -e\nexit 4\n");
        Exec exec = lastExec(kernel.run(script.toString(), "x").pid());
        assertThat(exec.script()).isTrue();
        assertThat(exec.filename()).isEqualTo(script.toString());
        assertThat(exec.interpreter()).isEqualTo("/bin/sh");
        assertThat(exec.image().exe().path())
                .isEqualTo(Path.of("/bin/sh").toRealPath().toString());
        assertThat(exec.image().args()).containsExactly("/bin/sh", "-e", script.toString(), "x");
        assertThat(exec.image().comm()).isEqualTo("script.sh");
    }

    private static Path executable(String name, String text) throws IOException {
        Path file = KernelFixture.folder().resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    @Test
    void link_and_relative_path_show_the_file_itself() throws IOException {
        Path link = KernelFixture.folder().resolve("alias");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(KernelFixture.workload()));
        Exec linked = lastExec(kernel.run(link.toString(), "exit", "0").pid());
        assertThat(linked.image().exe().path()).isEqualTo(KernelFixture.workload());
        assertThat(linked.filename()).isEqualTo(link.toString());
        assertThat(linked.image().comm()).isEqualTo("alias");

        Exec relative = lastExec(kernel.run("sh", "-c", "cd " + KernelFixture.folder() + " && exec ./workload exit 0")
                .pid());
        assertThat(relative.image().exe().path()).isEqualTo(KernelFixture.workload());
        assertThat(relative.filename()).isEqualTo("./workload");
    }

    @Test
    void file_in_memory_and_deleted_file_say_so() {
        String program = KernelFixture.workload();
        Exec memory = lastExec(kernel.run(program, "memfd", program).pid());
        assertThat(memory.image().exe().origin()).isEqualTo(Origin.MEMFD);
        assertThat(memory.image().exe().path()).isEqualTo("memfd:hidden");
        assertThat(memory.image().args()).containsExactly("from-memory", "exit", "0");

        String copy = KernelFixture.folder().resolve("copy").toString();
        Exec deleted = lastExec(kernel.run(program, "deleted", program, copy).pid());
        assertThat(deleted.image().exe().origin()).isEqualTo(Origin.DELETED);
        assertThat(deleted.image().exe().path()).isEqualTo(copy);
    }

    @Test
    void every_vfork_and_exec_comes_with_its_own_arguments() {
        Ran ran = kernel.run(KernelFixture.workload(), "many", "50", "/bin/true");
        List<KernelRecord> records = kernel.recordsUntilExit(ran.pid());
        List<Fork> forks = records.stream()
                .filter(record ->
                        record instanceof Fork && record.header().process().tgid() == ran.pid())
                .map(Fork.class::cast)
                .toList();
        List<ProcessImage> images = records.stream()
                .filter(Exec.class::isInstance)
                .map(record -> ((Exec) record).image())
                .filter(image -> image.parent().tgid() == ran.pid())
                .toList();
        assertThat(images).hasSize(50);
        assertThat(images.stream().map(ProcessImage::key))
                .containsExactlyElementsOf(forks.stream().map(Fork::child).toList());
        for (int i = 0; i < 50; i++) {
            assertThat(images.get(i).args()).containsExactly("/bin/true", Integer.toString(i));
            assertThat(images.get(i).ordinal()).isEqualTo(1);
        }
    }

    @Test
    void threads_are_not_processes() {
        Ran ran = kernel.run(KernelFixture.workload(), "threads");
        List<KernelRecord> records = kernel.recordsUntilExit(ran.pid());
        assertThat(records).noneMatch(Fork.class::isInstance);
        assertThat(records.stream().filter(Exit.class::isInstance)).hasSize(1);
        assertThat(exit(ran.pid()).code()).isEqualTo(5);
    }

    @Test
    void exec_by_a_thread_is_an_exec_of_its_process() {
        Ran ran = kernel.run(KernelFixture.workload(), "thread-exec", "/bin/true");
        Exec exec = lastExec(ran.pid());
        assertThat(exec.image().args()).containsExactly("from-thread");
        assertThat(exec.image().ordinal()).isEqualTo(4);
        List<ProcessKey> keys = kernel.records().stream()
                .filter(record -> record.header().process().tgid() == ran.pid())
                .map(record -> record.header().process())
                .distinct()
                .toList();
        assertThat(keys).hasSize(1);
    }

    @Test
    void process_ends_with_its_last_thread_not_its_first() {
        Ran ran = kernel.run(KernelFixture.workload(), "leader-exits");
        assertThat(ran.exitValue()).isEqualTo(7);
        assertThat(exit(ran.pid()).code()).isEqualTo(7);
        assertThat(kernel.records().stream().filter(Exit.class::isInstance)).hasSize(1);
    }

    @Test
    void too_many_arguments_are_cut_and_marked() {
        String[] command = new String[80];
        java.util.Arrays.fill(command, "a");
        command[0] = "/bin/true";
        ProcessImage image = lastExec(kernel.run(command).pid()).image();
        assertThat(image.args()).hasSize(64);
        assertThat(image.argsCut()).isTrue();

        ProcessImage wide =
                lastExec(kernel.run("/bin/true", "x".repeat(9000)).pid()).image();
        assertThat(wide.args().get(1)).hasSize(4096 - "/bin/true".length() - 1);
        assertThat(wide.argsCut()).isTrue();
    }

    @Test
    void bytes_that_are_not_utf_8_become_replacement_characters() {
        ProcessImage image = lastExec(kernel.run("sh", "-c", "exec /bin/true \"$(printf 'a\\377b')\"")
                        .pid())
                .image();
        assertThat(image.args()).containsExactly("/bin/true", "a\uFFFDb");
    }
}
