package dev.runnel.restore;

/** How it is known that what came out of a replica is what went in. */
public enum ProvenBy {
    /** The checksum of the whole database, written with its newest file, equals that of the pages that came out. */
    DATABASE_CHECKSUM,
    /** The files carry no such checksum, as Litestream's do not; each equals its own file checksum. */
    FILE_CHECKSUMS
}
