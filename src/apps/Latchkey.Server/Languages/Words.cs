namespace Latchkey.Server.Languages;

/// <summary>Marks the resource files of this folder: every word of the portal, by key, in each language.</summary>
public sealed class Words;
