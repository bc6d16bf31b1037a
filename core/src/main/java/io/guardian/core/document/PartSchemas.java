package io.guardian.core.document;

import io.guardian.core.net.PortRange;
import io.guardian.core.net.Protocol;
import io.guardian.core.policy.PolicyMode;
import io.guardian.core.policy.Severity;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Term;
import io.guardian.core.text.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Schemas of what several kinds of document share: selectors, processes, network, switches, responses. */
final class PartSchemas {
    private static final int MAX_EXCEPT = 10;
    private static final int MAX_CONTENT = 350;
    private static final int MAX_IMPACT = 100;

    private PartSchemas() {}

    static void selectors(Schema into, Set<Scope> scopes, Set<Scope> required) {
        for (var scope : scopes) {
            if (required.contains(scope)) {
                into.required(scope.key(), selector(scope));
            } else {
                into.optional(scope.key(), selector(scope));
            }
        }
    }

    private static Json.Obj selector(Scope scope) {
        var out = Schema.mapping();
        if (scope.hasLabels()) {
            out.optional("matchLabels", Schema.TEXT_MAP);
            out.optional("matchExpressions", expressions(Schema.TEXT));
            return out.build().with("minProperties", Json.of(1));
        }
        for (var key : scope.flatKeys()) {
            out.optional(
                    key,
                    switch (scope.flatForm()) {
                        case TEXT -> Schema.TEXT;
                        case TEXT_OR_LIST -> Schema.textOrTexts();
                        case LIST -> Schema.texts(1);
                    });
        }
        var fields = Schema.mapping();
        scope.fields().forEach(field -> fields.optional(field, Schema.TEXT));
        out.optional("matchFields", fields.build());
        out.optional("matchFieldsExpressions", expressions(Schema.oneOfWords(scope.fields())));
        return out.build().with("minProperties", Json.of(1));
    }

    private static Json.Obj expressions(Json key) {
        return Schema.list(
                Schema.mapping()
                        .required("key", key)
                        .required("operator", Schema.oneOfWords((Object[]) Term.Operator.values()))
                        .optional("values", Schema.list(Schema.ANY_TEXT, 0))
                        .build(),
                1);
    }

    static void behaviour(Schema spec) {
        spec.required("processPolicy", Schema.list(rootProcess(), 0));
        spec.required(
                "networkPolicy",
                Schema.mapping()
                        .required("egress", Schema.list(entry("to"), 0))
                        .required("ingress", Schema.list(entry("from"), 0))
                        .build());
    }

    static void switches(Schema spec) {
        var directions = Schema.oneOfWords("all", "egress", "ingress");
        spec.optional("disableProcesses", Schema.oneOfWords("all"))
                .optional("disableConnections", directions)
                .optional("disablePrivateConnections", directions)
                .optional("disablePublicConnections", directions);
    }

    private static Json.Obj rootProcess() {
        return process().required("euser", Schema.texts(1)).build();
    }

    /** Goes under {@code $defs}, since processes hold processes. */
    static Json.Obj childProcess() {
        return process().optional("euser", Schema.texts(1)).build();
    }

    private static Schema process() {
        return Schema.mapping()
                .required("name", Schema.TEXT)
                .required("exe", Schema.texts(1))
                .required("id", Schema.TEXT)
                .optional("listeningSockets", Schema.list(port(), 0))
                .optional("children", Schema.list(Schema.reference("process"), 0));
    }

    private static Json.Obj entry(String peers) {
        return Schema.mapping()
                .required(peers, Schema.list(peer(), 1))
                .optional("processes", Schema.texts(1))
                .required("ports", Schema.list(port(), 1))
                .build();
    }

    private static Json.Obj peer() {
        var block = Schema.mapping()
                .required("cidr", Schema.TEXT)
                .optional("except", Schema.texts(0).with("maxItems", Json.of(MAX_EXCEPT)));
        return Schema.anyOf(
                Schema.mapping().required("ipBlock", block.build()).build(),
                Schema.mapping().required("dnsSelector", Schema.texts(1)).build());
    }

    private static Json.Obj port() {
        var number = Schema.integer(0, PortRange.MAX_PORT);
        return Schema.mapping()
                .required("protocol", Schema.oneOfWords((Object[]) Protocol.values()))
                .required("port", number)
                .optional("endPort", number)
                .build();
    }

    static Json.Obj mode() {
        return Schema.oneOfWords((Object[]) PolicyMode.values());
    }

    static Json.Obj response() {
        return Schema.mapping()
                .optional("default", Schema.list(actions(Set.of()), 0))
                .optional("actions", Schema.list(actions(ActionReader.SCOPES), 0))
                .build();
    }

    private static Json.Obj actions(Set<Scope> scopes) {
        var kinds = ActionReader.TYPES.stream()
                .<Json>map(type ->
                        Schema.mapping().required(type, action(type, scopes)).build())
                .toArray(Json[]::new);
        return Schema.anyOf(kinds);
    }

    private static Json.Obj action(String type, Set<Scope> scopes) {
        var body = Schema.mapping().optional("enabled", Schema.BOOLEAN);
        selectors(body, scopes, Set.of());
        boolean bare = false;
        switch (type) {
            case "makeRedFlag" ->
                body.required("severity", severity())
                        .optional("content", Schema.text(MAX_CONTENT))
                        .optional("impact", Schema.text(MAX_IMPACT));
            case "makeOpsFlag" ->
                body.required("severity", severity())
                        .optional("content", Schema.text(MAX_CONTENT))
                        .optional("description", Schema.text(MAX_CONTENT));
            case "agentReniceProcess" -> body.required("priority", Schema.anyOf(Schema.TEXT, Schema.integer(-20, 19)));
            default -> bare = scopes.isEmpty();
        }
        return bare
                ? Schema.anyOf(body.build(), Json.object().put("type", "null").build())
                : body.build();
    }

    static Json.Obj severity() {
        return Schema.oneOfWords(
                Arrays.stream(Severity.values()).map(Severity::toString).toList());
    }

    static Json.Obj rules() {
        var rule = Schema.mapping();
        selectors(rule, RuleReader.SCOPES, Set.of());
        rule.required("target", Schema.oneOfWords((Object[]) Rule.Target.values()))
                .required("verb", Schema.oneOfWords((Object[]) Rule.Verb.values()))
                .required("values", Schema.texts(0));
        return Schema.list(rule.build(), 0);
    }

    static List<String> workloadTypes() {
        return Kind.FINGERPRINT.types();
    }
}
