package io.guardian.backend.cluster;

import io.guardian.backend.meta.Changes;
import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.meta.Stored;
import io.guardian.backend.respond.Occasion;
import io.guardian.core.decide.ResponseSelection;
import io.guardian.core.document.ClusterPolicy;
import io.guardian.core.document.Document;
import io.guardian.core.document.Documents;
import io.guardian.core.document.Ruleset;
import io.guardian.core.policy.PolicyType;
import io.guardian.core.ruleset.CompiledRules;
import io.guardian.core.selector.SelectorMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The live cluster policies of each organisation, with the rules of their rulesets compiled. They are made again when a
 * policy or ruleset was changed; a policy whose document and rulesets are as before stays the same object.
 */
final class ClusterPolicies {
    private static final System.Logger LOG = System.getLogger(ClusterPolicies.class.getName());

    private final MetaStore meta;
    private final Map<String, OfOrg> kept = new HashMap<>();

    ClusterPolicies(MetaStore meta) {
        this.meta = meta;
    }

    /**
     * A live cluster policy.
     *
     * @param stamp differs when the document or one of its rulesets does
     */
    record Live(
            ClusterPolicy policy,
            String stamp,
            SelectorMatch cluster,
            CompiledRules rules,
            ResponseSelection responses) {}

    private record OfOrg(long policies, long rulesets, List<Live> live) {}

    /**
     * @param live all live policies now
     * @param changed those that are new or other than before
     * @param occasion the start of the server, or that they were applied
     */
    record Current(List<Live> live, List<Live> changed, Occasion occasion) {}

    Current of(String org) {
        long policies = meta.changes().count(Changes.policies(org));
        long rulesets = meta.changes().count(Changes.rulesets(org));
        var known = kept.get(org);
        if (known != null && known.policies() == policies && known.rulesets() == rulesets) {
            return new Current(known.live(), List.of(), Occasion.SEEN);
        }
        var before = known == null ? List.<Live>of() : known.live();
        var live = read(org, before);
        kept.put(org, new OfOrg(policies, rulesets, live));
        return new Current(
                live,
                live.stream().filter(policy -> !before.contains(policy)).toList(),
                known == null ? Occasion.STARTED : Occasion.APPLIED);
    }

    private List<Live> read(String org, List<Live> before) {
        var rulesets = new ArrayList<Stored>();
        var live = new ArrayList<Live>();
        for (var stored : meta.policies().list(org)) {
            if (!stored.type().equals(PolicyType.CLUSTER.toString())) {
                continue;
            }
            if (rulesets.isEmpty()) {
                rulesets.addAll(meta.rulesets().list(org));
            }
            read(stored, rulesets, before).ifPresent(live::add);
        }
        return List.copyOf(live);
    }

    private static Optional<Live> read(Stored stored, List<Stored> rulesets, List<Live> before) {
        var names = stored.document().object("spec").array("rulesets").strings();
        var used = names.stream().flatMap(name -> find(rulesets, name).stream()).toList();
        var stamp = new StringBuilder(stored.uid() + "@" + stored.version());
        used.forEach(
                ruleset -> stamp.append(' ').append(ruleset.uid()).append('@').append(ruleset.version()));
        for (Live policy : before) {
            if (policy.stamp().contentEquals(stamp)) {
                return Optional.of(policy);
            }
        }
        return parsed(stored)
                .filter(ClusterPolicy::enabled)
                .map(policy -> new Live(
                        policy,
                        stamp.toString(),
                        SelectorMatch.of(policy.selectors()),
                        CompiledRules.compile(used.stream()
                                .flatMap(each -> rules(each).stream())
                                .toList()),
                        new ResponseSelection(PolicyType.CLUSTER, policy.response())));
    }

    /** The ruleset that a policy means by a name or uid. */
    private static Optional<Stored> find(List<Stored> rulesets, String nameOrUid) {
        return rulesets.stream()
                .filter(stored -> stored.name().equals(nameOrUid)
                        || stored.uid().equals(nameOrUid)
                        || stored.uid().equals("rs:" + nameOrUid))
                .findFirst();
    }

    /** The uid and version that the store gave are those of its envelope, whatever the document says. */
    static Optional<ClusterPolicy> parsed(Stored stored) {
        return Documents.parse(stored.document()).documents().stream()
                .map(Document::resource)
                .filter(ClusterPolicy.class::isInstance)
                .map(resource -> withIdentity((ClusterPolicy) resource, stored))
                .findFirst();
    }

    private static ClusterPolicy withIdentity(ClusterPolicy policy, Stored stored) {
        return new ClusterPolicy(
                stored.uid(),
                stored.version(),
                policy.name(),
                policy.enabled(),
                policy.mode(),
                policy.selectors(),
                policy.rulesets(),
                policy.response());
    }

    private static List<Ruleset> rules(Stored stored) {
        var found = Documents.parse(stored.document()).documents().stream()
                .map(Document::resource)
                .filter(Ruleset.class::isInstance)
                .map(Ruleset.class::cast)
                .toList();
        if (found.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR, "ruleset `" + stored.uid() + "` can't be read and is left out");
        }
        return found;
    }
}
