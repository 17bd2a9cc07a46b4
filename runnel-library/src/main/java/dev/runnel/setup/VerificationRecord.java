package dev.runnel.setup;

import dev.runnel.verify.Verdict;
import java.time.Duration;
import java.time.Instant;

/**
 * The last verification of a replica.
 *
 * @param verdict the worst of its histories
 * @param duration how long it took
 */
public record VerificationRecord(Instant time, Verdict verdict, Duration duration) {}
