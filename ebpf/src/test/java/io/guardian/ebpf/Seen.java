package io.guardian.ebpf;

import java.util.ArrayList;
import java.util.List;

/** All that a look shows, for machines on which a test watches a few processes. */
record Seen(List<ProcessImage> processes, List<Snapshot.OpenSocket> sockets, List<Snapshot.Cgroup> cgroups) {
    static Seen by(Sensor sensor) {
        Snapshot look = sensor.snapshot();
        List<Snapshot.Cgroup> cgroups = new ArrayList<>();
        look.cgroups(cgroups::add);
        List<ProcessKey> keys = new ArrayList<>();
        look.processKeys(keys::add);
        List<ProcessImage> processes = new ArrayList<>();
        look.processes(processes::addAll);
        List<Snapshot.OpenSocket> sockets = new ArrayList<>();
        look.sockets(sockets::addAll);
        if (!processes.stream().map(ProcessImage::key).toList().equals(keys)) {
            throw new AssertionError("one look shows " + keys + ", the next " + processes);
        }
        return new Seen(processes, sockets, cgroups);
    }
}
