package dev.runnel.store;

import dev.runnel.platform.FaultText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what the disk throws into what a store throws. */
record FolderFaults(String location) {
    StoreException reading(String key, IOException fault) {
        return fault instanceof NoSuchFileException
                ? new StoreException.NotFound(location, key)
                : translate("reading", key, fault);
    }

    StoreException writing(String key, IOException fault) {
        return translate("writing", key, fault);
    }

    StoreException listing(String folder, IOException fault) {
        return translate("listing", folder.isEmpty() ? "the folder" : folder, fault);
    }

    StoreException deleting(String keys, IOException fault) {
        return translate("deleting", keys, fault);
    }

    private StoreException translate(String doing, String what, IOException fault) {
        return switch (fault) {
            case StoreException known -> known;
            case AccessDeniedException denied -> new StoreException.AccessDenied(location, what, denied);
            default -> new StoreException.Unavailable(location, doing + " " + what, explained(fault));
        };
    }

    /** Some faults have no words but the path. */
    private static IOException explained(IOException fault) {
        return fault instanceof FileSystemException bare && bare.getReason() == null
                ? new IOException(FaultText.of(bare), bare)
                : fault;
    }
}
