package dev.runnel.platform;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/**
 * What an error of the system says, for users: where and what, and no names of Java but for faults of the program itself.
 */
public final class FaultText {
    private FaultText() {}

    /** The place and what was found there. */
    public static String of(Throwable fault) {
        return switch (fault) {
            case NoSuchFileException file -> "no such file: " + file.getFile();
            case FileAlreadyExistsException file -> "file exists already: " + file.getFile();
            case AccessDeniedException file -> "access denied: " + file.getFile();
            case NotDirectoryException file -> "not a folder: " + file.getFile();
            case DirectoryNotEmptyException file -> "the folder is not empty: " + file.getFile();
            case FileSystemException file ->
                file.getFile() + ": "
                        + Optional.ofNullable(file.getReason()).orElse("the file system reports an error");
            case IOException other ->
                Optional.ofNullable(other.getMessage()).orElse("an input or output error without a message");
            default -> "internal error: " + fault;
        };
    }
}
