package io.guardian.cli.command;

import io.guardian.cli.api.ApiException;
import io.guardian.cli.get.Clusters;
import io.guardian.cli.line.UsageException;
import io.guardian.cli.session.ClusterRecords;
import io.guardian.cli.session.Session;
import io.guardian.cli.session.Window;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Ruleset;
import io.guardian.core.ruleset.RulesetNotices;
import io.guardian.core.selector.Scope;
import io.guardian.core.selector.Selection;
import io.guardian.core.selector.SelectorMatch;
import io.guardian.core.selector.Subject.Facts;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says what the rulesets of the cluster policies that are being applied do together. */
final class RuleNotices {
    private final Session session;
    private final List<Document> documents;

    RuleNotices(Session session, List<Document> documents) {
        this.session = session;
        this.documents = documents;
    }

    void say() throws UsageException {
        for (var document : documents) {
            if (document.resource() instanceof ClusterPolicy policy) {
                say(policy);
            }
        }
    }

    private void say(ClusterPolicy policy) throws UsageException {
        var rulesets = DescribedRules.ofPolicy(session, policy, documents);
        if (rulesets.size() < policy.rulesets().size()) {
            // The server will say which doesn't exist.
            return;
        }
        var notices = new ArrayList<>(RulesetNotices.ofTargets(rulesets));
        if (RulesetNotices.isLimitedToNamespaces(rulesets)) {
            notices.addAll(unreached(policy, rulesets));
        }
        notices.forEach(notice -> session.talk().warn("policy `" + policy.name() + "`: " + notice));
    }

    /** Namespaces that exist now; when the server can't tell, nothing is said of them. */
    private List<String> unreached(ClusterPolicy policy, List<Ruleset> rulesets) throws UsageException {
        var selectors = SelectorMatch.of(policy.selectors());
        var notices = new ArrayList<String>();
        try {
            for (var cluster : Clusters.all(session)) {
                var facts = new Facts.Present(
                        Map.of("name", List.of(cluster.text("name")), "uid", List.of(cluster.text("uid"))));
                if (selectors.match(scope -> scope == Scope.CLUSTER ? facts : Facts.ABSENT) == Selection.MATCH) {
                    var namespaces = new ArrayList<Json.Obj>();
                    ClusterRecords.stream(
                            session,
                            cluster.text("uid"),
                            "model_k8s_namespace",
                            Window.of(session, Window.SHORT),
                            namespaces::add);
                    notices.addAll(RulesetNotices.unreached(rulesets, namespaces));
                }
            }
        } catch (ApiException unanswered) {
            session.talk().say("(which namespaces no rule reaches is not known: " + unanswered.reason() + ")");
        }
        return notices;
    }
}
