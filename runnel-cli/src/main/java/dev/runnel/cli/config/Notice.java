package dev.runnel.cli.config;

/** Something in a configuration file that is no error and that its owner should know of. */
public record Notice(String message) {}
