package io.guardian.core.event;

import io.guardian.core.text.Json;

/**
 * Where an image stands in the tree of its workload. The lineage is a keyed hash over everything that evaluation looks
 * at on the way from the root (name, exe, user, origin of each image), so two images with one lineage are one place:
 * forks and execs that changed nothing share it, and a change of user in place gives a process another.
 *
 * @param lineage 32 hex digits; empty outside a workload
 * @param parentLineage lineage of the image above; empty on a root
 * @param root true if its parent is outside the workload
 * @param uncertain true if its place was read from the process table and not seen; it is written as a root
 */
public record Place(String lineage, String parentLineage, boolean root, boolean uncertain) {
    /** Of a process that belongs to no workload. */
    public static final Place NONE = new Place("", "", false, false);

    void write(Json.ObjBuilder out) {
        out.putUnlessEmpty("lineage", lineage).putUnlessEmpty("parent_lineage", parentLineage);
        if (root) {
            out.put("workload_root", true);
        }
        if (uncertain) {
            out.put("uncertain", true);
        }
    }

    static Place read(Fields in) {
        return new Place(
                in.textOr("lineage", ""),
                in.textOr("parent_lineage", ""),
                in.flag("workload_root"),
                in.flag("uncertain"));
    }
}
