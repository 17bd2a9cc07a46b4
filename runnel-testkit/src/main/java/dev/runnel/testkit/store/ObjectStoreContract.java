package dev.runnel.testkit.store;

/**
 * What it takes to be an object store. A test class of a store implements this, and one of every stack of decorators.
 * Stores differ in what {@link #timePrecision}, {@link #oddKeys} and {@link #largeObjectSize} say; no test is skipped.
 */
public interface ObjectStoreContract extends PuttingContract, ReadingContract, ListingContract {}
