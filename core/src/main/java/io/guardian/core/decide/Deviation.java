package io.guardian.core.decide;

import io.guardian.core.net.Direction;
import io.guardian.core.policy.Patch;
import io.guardian.core.policy.PatchJson;
import io.guardian.core.text.Json;

/**
 * Something that a workload did and its policy doesn't allow, as the smallest patch that would make it allowed.
 *
 * @param checksum equal for equal behaviour under one policy, on every machine: 32 hex digits
 * @param description one sentence with the policy's name, as in the policy log
 * @param shortDescription the same without the policy
 */
public record Deviation(
        Kind kind, String policyUid, Patch patch, String checksum, String description, String shortDescription) {

    /** What deviated. */
    public enum Kind {
        PROCESS("process"),
        SOCKET("process"),
        INGRESS("ingress"),
        EGRESS("egress");

        private final String documentType;

        Kind(String documentType) {
            this.documentType = documentType;
        }

        /** {@code metadata.type} of the document. */
        public String documentType() {
            return documentType;
        }

        public static Kind of(Direction direction) {
            return switch (direction) {
                case INGRESS -> INGRESS;
                case EGRESS -> EGRESS;
            };
        }
    }

    /** The {@code spec} of the document. */
    public Json.Obj spec() {
        return PatchJson.spec(patch);
    }

    /** The whole document. */
    public Json.Obj document(String uid) {
        return Json.object()
                .put("apiVersion", "spyderbat/v1")
                .put("kind", "GuardianDeviation")
                .put(
                        "metadata",
                        Json.object()
                                .put("type", kind.documentType())
                                .put("policy_uid", policyUid)
                                .put("uid", uid)
                                .put("checksum", checksum)
                                .build())
                .put("spec", spec())
                .build();
    }
}
