package io.guardian.cluster.model;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.guardian.core.text.Json;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Own fields of what says who may do what. */
final class Access {
    private static final int RULES_MAX = 200;
    private static final int WORDS_MAX = 200;
    private static final int SUBJECTS_MAX = 500;
    private static final String ROLE_ANNOTATION = "eks.amazonaws.com/role-arn";
    private static final Pattern ROLE_ARN = Pattern.compile("arn:aws[a-z-]*:iam::([0-9]{12}):role/.{1,512}");

    private Access() {}

    static Json.Obj rules(@Nullable List<PolicyRule> rules) {
        var all = rules == null ? List.<PolicyRule>of() : rules;
        return Json.object()
                .put(
                        "rules",
                        new Json.Arr(
                                all.stream().limit(RULES_MAX).map(Access::rule).toList()))
                .build();
    }

    private static Json rule(PolicyRule rule) {
        return Json.object()
                .put("apiGroups", words(rule.getApiGroups()))
                .put("resources", words(rule.getResources()))
                .put("verbs", words(rule.getVerbs()))
                .build();
    }

    private static Json.Arr words(@Nullable List<String> words) {
        var all = words == null ? List.<String>of() : words;
        return Json.strings(
                all.stream().limit(WORDS_MAX).map(word -> Texts.cut(word, 256)).toList());
    }

    static Json.Obj binding(@Nullable RoleRef role, @Nullable List<Subject> subjects) {
        var all = subjects == null ? List.<Subject>of() : subjects;
        var out = Json.object();
        if (role != null) {
            out.put(
                    "roleRef",
                    Json.object()
                            .put("kind", Texts.cut(role.getKind(), 64))
                            .put("name", Texts.cut(role.getName(), 256))
                            .put("apiGroup", Texts.cut(role.getApiGroup(), 256))
                            .build());
        }
        return out.put(
                        "subjects",
                        new Json.Arr(all.stream()
                                .limit(SUBJECTS_MAX)
                                .map(subject -> (Json) Json.object()
                                        .put("kind", Texts.cut(subject.getKind(), 64))
                                        .put("name", Texts.cut(subject.getName(), 256))
                                        .putUnlessEmpty("namespace", Texts.cut(subject.getNamespace(), 256))
                                        .build())
                                .toList()))
                .build();
    }

    static Json.Obj serviceAccount(ServiceAccount account) {
        var annotations = account.getMetadata().getAnnotations();
        String arn = annotations == null ? "" : Texts.orEmpty(annotations.get(ROLE_ANNOTATION));
        var match = ROLE_ARN.matcher(arn);
        var out = Json.object();
        if (match.matches()) {
            out.put("aws_role_arn", arn).put("aws_account_id", match.group(1));
        }
        return out.build();
    }
}
