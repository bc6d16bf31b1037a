package io.guardian.agent.run;

import io.guardian.agent.state.DataFolder;
import io.guardian.ebpf.Sensor;
import io.guardian.ebpf.SensorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Removes what an agent left in the kernel and on the disk. */
public record Uninstall(Path data, String pin) {

    /**
     * @return what was done, one line each
     * @throws IOException when the agent still runs, or files can't be removed
     */
    public List<String> run() throws IOException {
        var done = new ArrayList<String>();
        if (Files.isDirectory(data)) {
            // Held until the end, so that no agent starts in between.
            try (var folder = DataFolder.open(data)) {
                done.add(removeSensor());
                folder.remove();
                done.add("removed " + data);
            }
        } else {
            done.add(removeSensor());
            done.add("there was no folder " + data);
        }
        return done;
    }

    private String removeSensor() throws IOException {
        return switch (Sensor.removePins(SensorOptions.named(pin))) {
            case DONE -> "removed the kernel sensor `" + pin + "`";
            case NOTHING -> "there was no kernel sensor `" + pin + "`";
            case IN_USE ->
                throw new IOException(
                        "the kernel sensor `" + pin + "` belongs to an agent that is running; stop it first");
        };
    }
}
