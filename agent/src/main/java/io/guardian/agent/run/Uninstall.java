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
            var folder = DataFolder.open(data);
            boolean pins = Sensor.removePins(SensorOptions.named(pin));
            done.add(pins ? "removed the kernel sensor `" + pin + "`" : "there was no kernel sensor `" + pin + "`");
            folder.remove();
            done.add("removed " + data);
        } else {
            boolean pins = Sensor.removePins(SensorOptions.named(pin));
            done.add(pins ? "removed the kernel sensor `" + pin + "`" : "there was no kernel sensor `" + pin + "`");
            done.add("there was no folder " + data);
        }
        return done;
    }
}
