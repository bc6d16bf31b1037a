package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Resource;
import io.guardian.core.document.UidList;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Inputs of create, merge and diff; lists of uids are replaced by what the uids stand for. */
final class Inputs {
    private static final int OBJECTS_PER_REQUEST = 500;

    private Inputs() {}

    static List<Resource> of(Session session, List<Document> documents) throws UsageException {
        var resources = new ArrayList<Resource>();
        for (var document : documents) {
            if (document.resource() instanceof UidList list) {
                for (var record : objects(session, list.uids())) {
                    resources.addAll(stored(record));
                }
            } else {
                resources.add(document.resource());
            }
        }
        return resources;
    }

    /** What a stored record holds: a fingerprint, or a deviation around its document. */
    static List<Resource> stored(Json.Obj record) {
        var parsed = Documents.parse(record.get("deviation").isPresent() ? record.object("deviation") : record);
        if (!parsed.isValid()) {
            throw Failure.because("`" + record.text("id") + "` can't be used: "
                    + parsed.errors().getFirst());
        }
        return parsed.documents().stream().map(Document::resource).toList();
    }

    /** Full records by uid; those that can't be found are warned of. */
    static List<Json.Obj> objects(Session session, List<String> uids) throws UsageException {
        var found = new ArrayList<Json.Obj>();
        var client = session.org();
        for (int from = 0; from < uids.size(); from += OBJECTS_PER_REQUEST) {
            var part = uids.subList(from, Math.min(uids.size(), from + OBJECTS_PER_REQUEST));
            var body = Json.object().put("ids", Json.strings(part)).build();
            found.addAll(client.sendForObject(org -> Call.query("/org/" + org + "/objects", body))
                    .array("results")
                    .objects());
        }
        var known = new HashSet<String>();
        found.forEach(record -> known.add(record.text("id")));
        uids.stream()
                .filter(uid -> !known.contains(uid))
                .distinct()
                .forEach(uid -> session.talk().warn("`" + uid + "` was not found"));
        return found;
    }
}
