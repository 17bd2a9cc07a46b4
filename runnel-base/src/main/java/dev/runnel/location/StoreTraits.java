package dev.runnel.location;

import dev.runnel.store.ListedTimes;

/**
 * How a store behaves, where that differs from one kind to another. All of them store an object whole or not at all, refuse
 * one that must not be there yet, and list what they have ({@link dev.runnel.store.ObjectStore}).
 *
 * @param ltxFolders the key prefix of a level of the {@code ltx} layout, as a format of the level's number
 * @param listedTimes which times a listing shows
 * @param listings what a listing costs
 * @param retries who tries again where a request failed
 */
public record StoreTraits(String ltxFolders, ListedTimes listedTimes, Listings listings, Retries retries) {
    /** Those of a folder. Litestream names files in the same way at most other stores. */
    public static final StoreTraits FOLDER =
            new StoreTraits("ltx/%d/", ListedTimes.OWN, Listings.FREE, Retries.OF_RUNNEL);

    /** What a listing costs. */
    public enum Listings {
        FREE,
        PAID
    }

    /** Who tries again where a request failed: one layer, or the attempts multiply. */
    public enum Retries {
        OF_RUNNEL,
        OF_THE_CLIENT_LIBRARY
    }
}
