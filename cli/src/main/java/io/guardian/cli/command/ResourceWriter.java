package io.guardian.cli.command;

import io.guardian.cli.api.Call;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.Session;
import io.guardian.cli.shell.Failure;
import io.guardian.core.document.Document;
import io.guardian.core.document.Kind;
import io.guardian.core.text.Json;
import java.util.Map;
import java.util.Optional;

/** Sends search sets, whose document is the request; other kinds of the notification side are refused. */
final class ResourceWriter {
    private static final Map<Kind, String> WRAPPERS = Map.of(Kind.SEARCH_SET, "searchset");

    private final Session session;

    ResourceWriter(Session session) {
        this.session = session;
    }

    Json.Obj apply(Document document) throws UsageException {
        String wrapper = WRAPPERS.get(document.kind());
        if (wrapper == null) {
            throw Failure.because("a " + document.kind() + " can't be applied by this version of spyctl");
        }
        var body = Json.object().put(wrapper, document.source()).build();
        boolean update = !document.uid().isEmpty();
        var answer = session.org().sendForObject(org -> {
            String path = "/org/" + org + "/" + wrapper + "/";
            return update ? Call.put(path, body) : Call.post(path, body);
        });
        String uid = update ? document.uid() : answer.text("uid");
        session.talk()
                .say(
                        update
                                ? "Successfully updated " + wrapper + " " + uid
                                : "Successfully applied new " + wrapper + " with uid: " + uid);
        return Applied.result(document, Optional.of(uid), Optional.empty(), update ? "updated" : "created");
    }
}
