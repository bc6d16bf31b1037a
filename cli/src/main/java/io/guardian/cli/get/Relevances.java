package io.guardian.cli.get;

import io.guardian.core.text.Json;

/** Whether a deviation still matters: whether the policy, as it is now, would deny it. */
interface Relevances {
    boolean isRelevant(Json.Obj record);

    /** @param all whether what no longer matters counts too */
    static Relevances of(Json.Obj policy, boolean all) {
        return _ -> true;
    }
}
