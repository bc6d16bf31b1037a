package io.guardian.cli.session;

import io.guardian.cli.api.ApiClient;
import io.guardian.cli.api.ApiException;
import io.guardian.cli.api.Call;
import io.guardian.cli.config.OrganizationCache;
import io.guardian.cli.config.Settings;
import io.guardian.cli.line.Suggestion;
import io.guardian.cli.shell.Failure;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The server as one organisation sees it. The organisation's uid is looked up once and then kept in a file; when the
 * server answers 403, the kept uid is dropped and looked up again.
 */
public final class OrgClient {
    private final ApiClient client;
    private final String organization;
    private final OrganizationCache cache;
    private Optional<String> uid = Optional.empty();

    public OrgClient(ApiClient client, String organization, Settings settings) {
        this.client = client;
        this.organization = organization;
        this.cache = new OrganizationCache(settings.global());
    }

    /** The organisation's uid. */
    public String uid() {
        if (uid.isEmpty()) {
            uid = cache.uid(client.server().url(), organization).or(() -> Optional.of(lookUp()));
        }
        return uid.get();
    }

    /** @param call made from the organisation's uid */
    public Json send(Function<String, Call> call) {
        return withUid(found -> client.send(call.apply(found)));
    }

    public Json.Obj sendForObject(Function<String, Call> call) {
        return send(call) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
    }

    /** The objects of an answer that is an array. */
    public List<Json.Obj> sendForList(Function<String, Call> call) {
        return send(call) instanceof Json.Arr array ? array.objects() : List.of();
    }

    /** One object per line, as they arrive. */
    public void stream(Function<String, Call> call, Consumer<Json.Obj> each) {
        var _ = withUid(found -> {
            client.stream(call.apply(found), each);
            return Json.Null.VALUE;
        });
    }

    private Json withUid(Function<String, Json> work) {
        String used = uid();
        boolean fromCache = cache.uid(client.server().url(), organization).isPresent();
        try {
            return work.apply(used);
        } catch (ApiException refused) {
            if (refused.status() != 403 || !fromCache) {
                throw refused;
            }
            cache.forget(client.server().url(), organization);
            String fresh = lookUp();
            if (fresh.equals(used)) {
                throw refused;
            }
            uid = Optional.of(fresh);
            return work.apply(fresh);
        }
    }

    private String lookUp() {
        var all = client.send(Call.get("/org/")) instanceof Json.Arr array ? array.objects() : List.<Json.Obj>of();
        var found = all.stream()
                .filter(org -> org.text("uid").equals(organization))
                .findFirst()
                .or(() -> all.stream()
                        .filter(org -> org.text("name").equals(organization))
                        .findFirst());
        if (found.isEmpty()) {
            var names = all.stream().map(org -> org.text("name")).toList();
            throw Failure.because(
                    "organization `" + organization + "` not found" + Suggestion.hint(organization, names));
        }
        String text = found.get().text("uid");
        cache.keep(client.server().url(), organization, text);
        return text;
    }
}
