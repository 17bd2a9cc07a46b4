package dev.runnel.verify;

/**
 * Something that a user should know.
 *
 * @param text where it is and what was found
 * @param nextStep what to do about it; empty if nothing
 */
public record Finding(Verdict verdict, String text, String nextStep) {}
