/**
 * What an object of the Kubernetes API means as records: pure functions from objects to drafts of records.
 *
 * <p>In: objects as the API server gives them, whose every text was chosen by whoever may write to the cluster. Out:
 * drafts with the fields that Guardian uses and nothing else. Fields are picked, not filtered, so what a pod's
 * environment or a mistyped annotation holds can't slip through. Start reading at
 * {@link io.guardian.cluster.model.Drafts}.
 */
@org.jspecify.annotations.NullMarked
package io.guardian.cluster.model;
