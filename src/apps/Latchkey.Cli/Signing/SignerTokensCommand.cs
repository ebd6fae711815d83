using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Latchkey.Cli.Keys;
using Latchkey.Custody;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;

namespace Latchkey.Cli.Signing;

/// <summary><c>latchkey signer tokens</c>: what the signer's journal says was made. It never holds a token, only its hash.</summary>
internal static class SignerTokensCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The signer's directory.", Required = true };
        var development = new Option<bool>("--development") { Description = "Only what keys in software made: such tokens open no real meter, or should not." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("tokens", "Lists the orders for which the signer made a token: meter, time, kWh, key, hash of the token.") { data, development, json };
        var custody = new CustodyOptions(command);
        command.SetAction(said =>
        {
            string directory = said.GetRequiredValue(data);
            if (custody.Read(said, out Func<string, IKeyCustody> open) is { } wrong) return CommandOutput.Fail(wrong);
            if (!File.Exists(Path.Combine(directory, SqliteSignerStore.FileName))) return CommandOutput.Fail($"there is no signer's journal in '{directory}'");
            try
            {
                using KeyRoom room = KeyRoom.Open(directory, open, TimeProvider.System);

                // A journal is sealed by one custody, so all of it was made by that one's keys.
                bool isWanted = room.IsDevelopment || !said.GetValue(development);
                if (said.GetValue(json)) WriteJson(room, isWanted);
                else Write(room, isWanted);
                return CommandOutput.Success;
            }
            catch (Exception e) when (e is StorageException or CustodyException)
            {
                return CommandOutput.Fail(e.Message);
            }
        });
        return command;
    }

    private static long ForEach(KeyRoom room, bool isWanted, Action<SignatureRecord> line)
    {
        long count = 0;
        if (!isWanted) return count;
        room.Store.Read(books =>
        {
            books.ForEach(record =>
            {
                if (record.Kind == SignatureKind.Cancelled) return true;
                line(record);
                count++;
                return true;
            });
            return true;
        });
        return count;
    }

    private static void Write(KeyRoom room, bool isWanted)
    {
        long count = ForEach(room, isWanted, r => Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{r.OrderId}  {r.Pan}  {Made(r)}  {r.Tenths / 10m,9:0.0} kWh  {r.KeyId}  {Hash(r)}{Mark(room)}")));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} tokens{(isWanted ? string.Empty : ": the keys of this journal are not in software")}"));
    }

    private static void WriteJson(KeyRoom room, bool isWanted)
    {
        using Stream output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteBoolean("development", room.IsDevelopment);
        writer.WriteStartArray("tokens");
        long count = ForEach(room, isWanted, r =>
        {
            writer.WriteStartObject();
            writer.WriteString("order", r.OrderId);
            writer.WriteString("kind", r.Kind == SignatureKind.Credit ? "credit" : "management");
            writer.WriteString("meter", r.Pan.ToString());
            writer.WriteNumber("tid", r.Tid.Minutes);
            writer.WriteNumber("tenthsOfKilowattHour", r.Tenths);
            writer.WriteNumber("minorUnits", r.MinorUnits);
            writer.WriteString("key", r.KeyId);
            writer.WriteString("tokenSha256", Hash(r));
            writer.WriteEndObject();
        });
        writer.WriteEndArray();
        writer.WriteNumber("count", count);
        writer.WriteEndObject();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string Made(SignatureRecord record) => new DateTime(record.BaseYear, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)
        .AddMinutes(record.Tid.Minutes).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Hash(SignatureRecord record) => Convert.ToHexStringLower(record.TokenHash.Span);

    private static string Mark(KeyRoom room) => room.IsDevelopment ? "  DEVELOPMENT" : string.Empty;
}
