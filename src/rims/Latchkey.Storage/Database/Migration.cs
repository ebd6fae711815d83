using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Storage;

/// <summary>One step of a room's tables: numbered from 1 without gaps, forward only, never edited once released.</summary>
/// <param name="Number">Its place in the room's row.</param>
/// <param name="Name">What it does, for people.</param>
/// <param name="Sql">The statements; they run in one transaction.</param>
/// <param name="Check">A query that counts what the step must not leave behind; anything but 0 undoes the step.</param>
public sealed record Migration(int Number, string Name, string Sql, string? Check = null)
{
    /// <summary>SHA-256 of the statements: an edited migration is noticed when a file that has the old one is opened.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
}

/// <summary>The tables of one room. Their names begin with the room's own prefix, so that rooms cannot collide.</summary>
public sealed class RoomSchema
{
    public RoomSchema(string room, params IReadOnlyList<Migration> migrations)
    {
        for (int i = 0; i < migrations.Count; i++)
        {
            if (migrations[i].Number != i + 1)
                throw new ArgumentException($"Migration {migrations[i].Number} of {room} should have the number {i + 1}.", nameof(migrations));
        }

        Room = room;
        Migrations = migrations;
    }

    public string Room { get; }

    public IReadOnlyList<Migration> Migrations { get; }
}
