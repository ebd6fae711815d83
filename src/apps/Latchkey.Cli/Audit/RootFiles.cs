using System.Security.Cryptography;
using Latchkey.Ledger;

namespace Latchkey.Cli.Audit;

/// <summary>Reads published roots and checks their signatures before anything is held to them.</summary>
internal static class RootFiles
{
    private const int MostRoots = 1_000;

    /// <summary>Null and the roots, or what is wrong in words.</summary>
    public static string? Read(IReadOnlyList<string> files, string? keyFile, out IReadOnlyList<PublishedRoot> roots)
    {
        roots = [];
        if (files.Count == 0) return keyFile is null ? null : "--key is for published roots; name one with --root";
        if (keyFile is null) return "--root needs --key, the key that the keeper published";
        if (files.Count > MostRoots) return $"at most {MostRoots} roots at once";
        try
        {
            using ECDsa key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(keyFile));
            List<PublishedRoot> read = [];
            foreach (string file in files)
            {
                if (!PublishedRoot.TryParse(File.ReadAllText(file), out PublishedRoot? root)) return $"{file} is not a published root";
                if (!root!.IsSignedBy(key)) return $"{file} was not signed by that key";
                read.Add(root);
            }

            roots = read;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            return e.Message;
        }
    }
}
