package io.guardian.backend.api;

import io.guardian.backend.http.Access;
import io.guardian.backend.http.Answer;
import io.guardian.backend.http.Call;
import io.guardian.backend.http.Endpoint;
import io.guardian.backend.meta.Permission;
import io.guardian.core.document.Documents;
import io.guardian.core.text.Json;
import io.guardian.core.text.Problem;
import java.util.List;

/** Services on documents that store nothing. */
final class DocumentEndpoints {

    List<Endpoint> all() {
        return List.of(Endpoint.ask(
                Wire.ORG + "/spyctl/validate",
                Access.key(Permission.LIST_POLICY),
                "Says what is wrong with a document.",
                this::validate));
    }

    private Answer validate(Call call) {
        var errors =
                Documents.parse(Checked.object(call.jsonObject(), "object")).errors();
        var answer = Json.object()
                .put(
                        "invalid_message",
                        String.join("; ", errors.stream().map(Problem::headline).toList()));
        var list = errors.stream()
                .map(problem -> Json.object()
                        .put("path", problem.path())
                        .put("msg", problem.message())
                        .putUnlessEmpty("help", problem.help())
                        .build())
                .toList();
        return Answer.json(answer.put("errors", Wire.array(list)).build());
    }
}
