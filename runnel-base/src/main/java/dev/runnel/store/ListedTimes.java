package dev.runnel.store;

/** Which times of objects a listing of a store shows. */
public enum ListedTimes {
    /** Those that were given at put. */
    OWN,
    /** Those of the uploads; the own ones cost a request each. */
    OF_UPLOADS
}
