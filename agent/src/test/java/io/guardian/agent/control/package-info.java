@org.jspecify.annotations.NullMarked
package io.guardian.agent.control;
