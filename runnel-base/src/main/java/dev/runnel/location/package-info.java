/**
 * Where replicas are. One kind of store is one module with one {@link dev.runnel.location.LocationType}, which says
 * everything about it that the rest of Runnel needs; no other code knows a store by name.
 */
@NullMarked
package dev.runnel.location;

import org.jspecify.annotations.NullMarked;
