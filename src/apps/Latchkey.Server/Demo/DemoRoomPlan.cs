using System.Security.Cryptography;
using System.Text;
using Latchkey.Meter;
using Latchkey.Parks.Estate;
using Latchkey.Sts;

namespace Latchkey.Server.Demo;

/// <summary>One room of a made-up park with its meter and its tenant.</summary>
/// <param name="Building">The building's name.</param>
/// <param name="Number">As on the door.</param>
/// <param name="Tenant">Who lives or works there; null for a vacant room.</param>
/// <param name="Language">In which the tenant is told things.</param>
/// <param name="Meter">The meter on the rail.</param>
/// <param name="PricePlan">The tariff.</param>
/// <param name="LoadScale">How large the load is, against a small flat.</param>
/// <param name="OpeningYuan">Credit bought at the counter when the park opened, in yuan; 0 for none.</param>
public sealed record DemoRoomPlan(
    string Building, string Number, string? Tenant, TenantLanguage Language, DemoMeterPlan Meter, string PricePlan, double LoadScale, int OpeningYuan)
{
    public Guid BuildingId => DemoIds.Of("building " + Building);

    public Guid RoomId => DemoIds.Of($"room {Building} {Number}");

    public Guid TenantId => DemoIds.Of($"tenant {Building} {Number}");

    public Guid OccupancyId => DemoIds.Of($"occupancy {Building} {Number}");

    /// <summary>The tenant's WeChat identity towards our account.</summary>
    public string OpenId => "oDemo" + DemoIds.Of($"openid {Building} {Number}").ToString("N")[..23];

    /// <summary>A small park: shops, offices and flats on single-phase meters of both key algorithms.</summary>
    public static IReadOnlyList<DemoRoomPlan> Park { get; } =
    [
        Room(1, "A", "101", "Café Morgenrot", TenantLanguage.English, EncryptionAlgorithm.Ea11, DemoTariffs.Flat, 3.0, 30),
        Room(2, "A", "102", "李明 Li Ming", TenantLanguage.Chinese, EncryptionAlgorithm.Ea11, DemoTariffs.Flat, 1.0, 12),
        Room(3, "A", "103", "王芳 Wang Fang", TenantLanguage.Chinese, EncryptionAlgorithm.Ea07, DemoTariffs.Ladder, 0.8, 60),
        Room(4, "A", "201", "Nia Okafor", TenantLanguage.English, EncryptionAlgorithm.Ea11, DemoTariffs.Ladder, 1.2, 25),
        Room(5, "A", "202", "陈建国 Chen Jianguo", TenantLanguage.Chinese, EncryptionAlgorithm.Ea07, DemoTariffs.Flat, 0.6, 11),
        Room(6, "B", "101", "Print shop Huáng", TenantLanguage.Chinese, EncryptionAlgorithm.Ea11, DemoTariffs.Flat, 4.0, 90),
        Room(7, "B", "102", "Studio Lind", TenantLanguage.English, EncryptionAlgorithm.Ea11, DemoTariffs.Flat, 1.5, 0),
        Room(8, "B", "201", null, TenantLanguage.Chinese, EncryptionAlgorithm.Ea11, DemoTariffs.Flat, 0.2, 0),
    ];

    private static DemoRoomPlan Room(
        int index, string building, string number, string? tenant, TenantLanguage language, EncryptionAlgorithm algorithm, string plan, double load, int yuan) =>
        new(building, number, tenant, language, new DemoMeterPlan(index, MeterProfile.Kpm31, algorithm), plan, load, yuan);
}

/// <summary>Ids that follow from names, so that opening the same park twice makes it once.</summary>
public static class DemoIds
{
    public static Guid Of(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes("latchkey demo " + name)).AsSpan(0, 16));
}
