package io.guardian.agent.workload.file;

import io.guardian.ebpf.ContainerFile;
import java.nio.file.Path;
import java.util.Optional;

/** Has the kernel keep every step of a path below the root, so that no race can lead out of it. */
public final class KernelFiles implements ContainedFiles {

    @Override
    public Optional<String> read(Path root, String inside) {
        return switch (ContainerFile.read(root, inside, BYTES_MAX)) {
            case ContainerFile.Result.Content(String text) -> Optional.of(text);
            case ContainerFile.Result.Missing missing -> Optional.empty();
            case ContainerFile.Result.Refused refused -> Optional.empty();
        };
    }
}
